"""A ClickHouse node: argv[1] is libchdb.so, the rest are the arguments of clickhouse-local."""

import ctypes
import sys

library = ctypes.CDLL(sys.argv[1])
arguments = [b"clickhouse-local", *(argument.encode() for argument in sys.argv[2:])]
library.chdb_query_cmdline.restype = ctypes.c_void_p
library.chdb_query_cmdline(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments))

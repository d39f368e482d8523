/* A ClickHouse node: argv[1] is libchdb.so, the rest are the arguments of clickhouse-local. */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc < 2) return 2;
    void *library = dlopen(argv[1], RTLD_NOW);
    if (!library) { fprintf(stderr, "%s\n", dlerror()); return 3; }
    void *(*run)(int, char **) = (void *(*)(int, char **)) dlsym(library, "chdb_query_cmdline");
    if (!run) { fprintf(stderr, "%s\n", dlerror()); return 4; }
    argv[1] = "clickhouse-local";
    run(argc - 1, argv + 1);
    return 0;
}

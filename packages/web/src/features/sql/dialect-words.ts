/** What the editor colours as words of the language. What is right or wrong is the server's to say. */
export const dialectWords = {
  keywords:
    'select distinct from where prewhere group by having order limit offset with as and or not in between like ilike is null join left right inner outer full cross any all semi anti asof on using array union intersect except case when then else end asc desc nulls first last fill interval over partition rows range unbounded preceding following current row window qualify rollup cube grouping sets ties sample cohort true false',
  types: 'int float string bool boolean date datetime uuid array tuple map decimal nullable',
}

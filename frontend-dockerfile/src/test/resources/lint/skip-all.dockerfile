# check=skip=all
FROM a as X
run x

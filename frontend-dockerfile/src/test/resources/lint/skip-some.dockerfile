# check=skip=FromAsCasing,StageNameCasing
FROM a as X
run x

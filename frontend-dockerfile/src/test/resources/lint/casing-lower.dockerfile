from a
run x
Run y
copy a b
CMD ["x"]

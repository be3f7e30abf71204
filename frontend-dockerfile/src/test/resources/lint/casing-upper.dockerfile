FROM a
RUN x
run y
Copy a b

FROM a
RUN --security=x y

FROM a
RUN --mout=x y

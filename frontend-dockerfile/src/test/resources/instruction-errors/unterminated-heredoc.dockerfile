FROM a
RUN <<E
x

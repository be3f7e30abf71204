FROM a
RUN a \
  b
# c
ENV A=b

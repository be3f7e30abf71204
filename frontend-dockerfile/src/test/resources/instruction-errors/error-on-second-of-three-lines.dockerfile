FROM a
COPY \
 --from=x \
 a
RUN x

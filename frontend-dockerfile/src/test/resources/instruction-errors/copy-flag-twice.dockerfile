FROM a
COPY --from=a --from=b a b

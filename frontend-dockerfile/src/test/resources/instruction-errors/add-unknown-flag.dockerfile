FROM a
ADD --from=a b c

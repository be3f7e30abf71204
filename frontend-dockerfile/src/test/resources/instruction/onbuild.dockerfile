FROM a
ONBUILD RUN x   y
onbuild   COPY --from=b a \
  b
ONBUILD RUN <<EOF cat
text
EOF

FROM a
RUN <<EOF
echo a
	echo b
EOF
RUN <<-EOF
	echo $a
	EOF
RUN <<'EOF' sh
# no comment
$x \
EOF

RUN <<ONE cat && 3<<"TWO" cat /dev/fd/3
1
ONE
2
TWO
COPY <<a.txt <<b.txt src /dst/
A
a.txt
B
b.txt
ADD << EOF /x
spaces before the word
EOF
ONBUILD RUN <<EOF
echo later
EOF
RUN "<<NOT" '<<NOT'
USER <<NOT
RUN ["<<NOT"]
RUN <<EMPTY
EMPTY
RUN --mount=type=tmpfs,target=/t <<EOF | cat \
  -n
text
EOF

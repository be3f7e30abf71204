FROM a
COPY a b c/ /dst/
COPY ["a b", "/d e"]
COPY --from=x --chown=1:2 --chmod=u+x --link --parents --exclude=*.o --exclude=tmp a /
COPY --link=false --parents=TRUE a /
COPY <<-one <<"two" src /
	1 $x
one
2
two
ADD https://x/y.tar.gz /y
ADD --checksum=sha256:aa --unpack=false --keep-git-dir=true --chmod=600 --chown=u --link --exclude=x https://x/y /z
ADD --unpack a /

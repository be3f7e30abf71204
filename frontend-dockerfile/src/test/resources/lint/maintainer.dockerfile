FROM a
MAINTAINER me
# check=skip=MaintainerDeprecated // known
MAINTAINER you

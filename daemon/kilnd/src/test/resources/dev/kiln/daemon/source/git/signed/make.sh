#!/bin/sh
# Makes the keys and the signed objects of this folder anew, with gpg, ssh-keygen and git. Private keys are not kept.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'GNUPGHOME=$work/gnupg gpgconf --kill gpg-agent || true; rm -rf "$work"' EXIT
export GNUPGHOME="$work/gnupg" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_DATE='1577880000 +0000' GIT_COMMITTER_DATE='1577880000 +0000'
mkdir -m 700 "$GNUPGHOME" "$work/sha1" "$work/sha256"
rm -rf "$here/keys" "$here/objects"
mkdir "$here/keys" "$here/objects"
: >"$here/hashes.txt"

gpg_() { gpg -q --batch --pinentry-mode loopback --passphrase '' "$@"; }
fingerprint() { gpg_ --list-keys --with-colons "$1@localhost" | awk -F: '/^fpr:/ {print $10; exit}'; }
# name, algorithm, usage, how long it is valid, more options
key() { name=$1 algorithm=$2 usage=$3 valid=$4; shift 4; gpg_ "$@" --quick-generate-key "$name <$name@localhost>" "$algorithm" "$usage" "$valid"; }
export_() { gpg_ --armor --export-options export-minimal --export "$1@localhost" >"$here/keys/$1.asc"; }

git_() { git -C "$work/$repository" -c user.name=t -c user.email=t@localhost "$@"; }
keep() {
  git_ cat-file "$1" "$2" >"$here/objects/$3.$1"
  echo "$3.$1 $(git_ rev-parse "$2")" >>"$here/hashes.txt"
}
# name of the object, key, what gpg is told
commit_gpg() {
  printf '#!/bin/sh\nexec gpg -q --batch --pinentry-mode loopback --passphrase "" %s "$@"\n' "${3:-}" >"$work/sign"
  chmod +x "$work/sign"
  git_ -c gpg.program="$work/sign" commit -q --allow-empty -S"$(fingerprint "$2")!" -m "signed as $1"
  keep commit HEAD "$1"
}
commit_ssh() {
  git_ -c gpg.format=ssh -c user.signingkey="$work/$2" commit -q --allow-empty -S -m "signed as $1"
  keep commit HEAD "$1"
}

git init -q "$work/sha1"
git init -q --object-format=sha256 "$work/sha256"
repository=sha1
git_ commit -q --allow-empty -m unsigned
keep commit HEAD unsigned

key rsa rsa2048 cert never
gpg_ --quick-add-key "$(fingerprint rsa)" rsa2048 sign never
export_ rsa
subkey=$(gpg_ --list-keys --with-colons rsa@localhost | awk -F: '/^fpr:/ {print $10}' | sed -n 2p)
git_ -c gpg.program="$(command -v gpg)" commit -q --allow-empty -S"$subkey!" -m 'signed by a subkey'
keep commit HEAD rsa-subkey
key ed25519 ed25519 sign never
export_ ed25519
commit_gpg ed25519 ed25519
git_ -c user.signingkey="$(fingerprint ed25519)!" tag -s -m 'a release' v1
keep tag v1 ed25519
commit_gpg weak-hash ed25519 '--allow-weak-digest-algos --digest-algo SHA1'
key ecdsa nistp256 sign never
export_ ecdsa
commit_gpg ecdsa ecdsa
key short rsa1024 sign never
export_ short
commit_gpg short short
key expired ed25519 sign 1y '--faked-system-time=20200101T000000'
commit_gpg expired expired '--faked-system-time=20200601T000000'
export_ expired
key extended ed25519 sign 1y '--faked-system-time=20200101T000000'
commit_gpg extended extended '--faked-system-time=20200601T000000'
gpg_ --faked-system-time=20200701T000000 --quick-set-expire "$(fingerprint extended)" 0
export_ extended
key revoked ed25519 sign never
commit_gpg revoked revoked
sed 's/^:---/---/' "$GNUPGHOME/openpgp-revocs.d/$(fingerprint revoked).rev" | gpg_ --import
export_ revoked

for type in ed25519 rsa ecdsa; do
  ssh-keygen -q -t "$type" -N '' -C "$type" -f "$work/ssh-$type"
  cp "$work/ssh-$type.pub" "$here/keys/"
  commit_ssh "ssh-$type" "ssh-$type"
done
git_ -c gpg.format=ssh -c user.signingkey="$work/ssh-ed25519" tag -s -m 'a release' v2
keep tag v2 ssh-ed25519
git_ tag -a -m 'not signed' v3
keep tag v3 unsigned
printf '#!/bin/sh\nshift 4\nexec ssh-keygen -Y sign -n file "$@"\n' >"$work/other-namespace"
chmod +x "$work/other-namespace"
git_ -c gpg.format=ssh -c gpg.ssh.program="$work/other-namespace" -c user.signingkey="$work/ssh-ed25519" \
  commit -q --allow-empty -S -m 'signed for something else'
keep commit HEAD ssh-namespace

repository=sha256
git_ commit -q --allow-empty -m unsigned
commit_ssh sha256-ssh ssh-ed25519
commit_gpg sha256-pgp ed25519

#!/bin/sh
# Fetches the servers of these tests into .work/servers: Ceph from Debian's packages, dynalite from npm's.
# Nothing is installed into the system, and where the package lists are fresh it needn't be root who runs this.
# What can't be had is said so, and is no failure: its tests are skipped.
set -u
cd "$(dirname "$0")/../.." || exit
mkdir -p .work/servers
cd .work/servers || exit

# The packages that the machine lacks, with all that they depend on, are unpacked side by side.
fetch_ceph() {
  rm -rf debs && mkdir debs || return
  plan=$(LC_ALL=C apt-get install --simulate --no-install-recommends ceph-mon ceph-osd radosgw) || return
  printf '%s\n' "$plan" | sed -n 's/^Inst \([^ ]*\) .*/\1/p' >debs/list
  (cd debs && xargs --no-run-if-empty apt-get -o APT::Sandbox::User=root download <list >/dev/null) || return
  for package in debs/*.deb; do
    [ ! -e "$package" ] || dpkg-deb --extract "$package" ceph || return
  done
  mkdir -p ceph && chmod -R a-s ceph # sudo is among them
}

fetch_dynalite() {
  npm install --prefix . --no-save --no-audit --no-fund --loglevel error --fetch-timeout 30000 dynalite@4.0.0
}

lacking() {
  printf '\n*** %s COULD NOT BE FETCHED. NOTHING WILL BE TESTED AGAINST IT. ***\n\n' "$1" >&2
}

ceph() {
  if fetch_ceph || { apt-get update && fetch_ceph; }; then touch ceph.fetched; else lacking CEPH; fi
  rm -rf debs
}

dynalite() {
  if fetch_dynalite; then touch dynalite.fetched; else lacking DYNALITE; fi
}

# side by side, as both wait for the network most of the time
[ -e ceph.fetched ] || ceph &
[ -e dynalite.fetched ] || dynalite &
wait

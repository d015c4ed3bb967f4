#!/bin/bash
# SPDX-License-Identifier: MIT
# A .deb and a relocatable tarball with programs, exercises and documents: `package.sh VERSION`.
set -eu
cd "$(dirname "$0")/../.."
version=$1
command -v dpkg-shlibdeps > /dev/null || {
	echo "make package needs the Debian package dpkg-dev: apt-get install dpkg-dev" >&2
	exit 1
}
arch=$(dpkg --print-architecture)
out=build/package
name=milepost-$version-linux-$(uname -m)

rm -rf $out
mkdir -p "$out/$name" "$out/deb/DEBIAN" "$out/deb/debian"
make -s install DESTDIR="$(pwd)/$out/$name" PREFIX=
make -s install DESTDIR="$(pwd)/$out/deb" PREFIX=/usr
strip "$out/$name"/bin/* "$out"/deb/usr/bin/*
tar --sort=name --owner=0 --group=0 --numeric-owner -C $out -czf "$out/$name.tar.gz" "$name"

# dpkg-shlibdeps reads which packages hold the libraries that the programs link.
printf 'Source: milepost\n\nPackage: milepost\nArchitecture: any\nDescription: x\n' > "$out/deb/debian/control"
depends=$(cd $out/deb && dpkg-shlibdeps -O usr/bin/milepost usr/bin/milepost-box 2> /dev/null | sed 's/^shlibs:Depends=//')
rm -r "$out/deb/debian"
cat > "$out/deb/DEBIAN/control" << END
Package: milepost
Version: $version
Architecture: $arch
Maintainer: The milepost authors <milepost@example.invalid>
Depends: $depends, git
Recommends: python3, nodejs
Section: education
Priority: optional
Description: practice sandbox and exercise grader for backend developers
 Grades services and programs that learners push: reads the repository with
 libgit2, runs it in a sandbox, asks it over HTTP, and scores each milestone.
END
dpkg-deb --root-owner-group -b "$out/deb" "$out/milepost_${version}_$arch.deb" > /dev/null
rm -r "$out/deb" "${out:?}/$name"
du -b $out/*.deb $out/*.tar.gz

package main

import (
	"debug/buildinfo"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx"
	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
)

// writeSBOM lists what is linked into a binary, as the binary itself says (debug/buildinfo), in SPDX 2.3.
func writeSBOM(binary, list string, src source) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("read what is in %s: %w", filepath.Base(binary), err)
	}
	sum, err := sha256Of(binary)
	if err != nil {
		return err
	}
	f, err := os.Create(list)
	if err != nil {
		return fmt.Errorf("write the SBOM: %w", err)
	}
	err = json.Write(sbom(filepath.Base(binary), sum, info, src), f, json.Indent("  "))
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return fmt.Errorf("write the SBOM: %w", err)
	}
	return nil
}

const (
	own     = common.ElementID("ddbot")
	unknown = "NOASSERTION" // SPDX: nobody claims anything
)

func sbom(file, sum string, info *debug.BuildInfo, src source) *v2_3.Document {
	home := "https://" + info.Main.Path
	doc := &v2_3.Document{
		SPDXVersion: v2_3.Version, DataLicense: v2_3.DataLicense, SPDXIdentifier: "DOCUMENT", DocumentName: file,
		DocumentNamespace: home + "/spdx/" + file + "-" + sum, // the same bytes, the same name; a fragment is not allowed in it
		CreationInfo: &v2_3.CreationInfo{
			Created:  src.date.UTC().Format(time.RFC3339),
			Creators: []common.Creator{{CreatorType: "Tool", Creator: "ddbot-release-" + src.version}},
		},
	}
	binary := module(own, info.Main.Path, src.version, "Apache-2.0", "commit "+src.commit)
	binary.PackageFileName, binary.PackageHomePage, binary.PrimaryPackagePurpose = file, home, "APPLICATION"
	binary.PackageChecksums = []common.Checksum{{Algorithm: common.SHA256, Value: sum}}
	add := func(p *v2_3.Package, from common.ElementID, how string) {
		doc.Packages = append(doc.Packages, p)
		doc.Relationships = append(doc.Relationships, &spdx.Relationship{
			RefA: common.DocElementID{ElementRefID: from}, Relationship: how, RefB: common.DocElementID{ElementRefID: p.PackageSPDXIdentifier},
		})
	}
	add(binary, doc.SPDXIdentifier, common.TypeRelationshipDescribe)
	add(module("stdlib", "stdlib", strings.TrimPrefix(info.GoVersion, "go"), "BSD-3-Clause", "the Go standard library"), own, common.TypeRelationshipDependsOn)
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		id := common.ElementID("go-" + reNoID.ReplaceAllString(m.Path+"-"+m.Version, "-"))
		add(module(id, m.Path, m.Version, unknown, "go.sum "+m.Sum), own, common.TypeRelationshipDependsOn)
	}
	return doc
}

var reNoID = regexp.MustCompile(`[^A-Za-z0-9.-]`)

// module is a package of SPDX with the name by which scanners look things up (the purl specification's type golang).
func module(id common.ElementID, path, version, licence, comment string) *v2_3.Package {
	return &v2_3.Package{
		PackageName: path, PackageSPDXIdentifier: id, PackageVersion: version, PackageComment: comment,
		PackageDownloadLocation: unknown, PackageLicenseConcluded: unknown, PackageLicenseDeclared: licence, PackageCopyrightText: unknown,
		PackageExternalReferences: []*v2_3.PackageExternalReference{{
			Category: common.CategoryPackageManager, RefType: common.TypePackageManagerPURL,
			Locator: "pkg:golang/" + strings.ToLower(path) + "@" + url.QueryEscape(version),
		}},
	}
}

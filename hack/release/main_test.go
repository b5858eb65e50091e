package main

import (
	"debug/buildinfo"
	"errors"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
	"github.com/spdx/tools-golang/spdxlib"
)

const version = "v0.1.0-rc.1"

// image is a folder with what the Dockerfile copies for its build, which is all that a build needs.
func image(t *testing.T, root string) string {
	t.Helper()
	dockerfile, err := os.ReadFile(filepath.Join(root, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(dockerfile), "\nRUN hack/build.sh /ddbot ") {
		t.Error("the image is not built as the binaries are")
	}
	dir := filepath.Join(t.TempDir(), "somewhere else")
	for line := range strings.Lines(string(dockerfile)) {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] != "COPY" || strings.HasPrefix(words[1], "--") {
			continue
		}
		for _, name := range words[1 : len(words)-1] {
			copyInto(t, filepath.Join(dir, name), filepath.Join(root, name))
		}
	}
	return dir
}

func copyInto(t *testing.T, to, from string) {
	t.Helper()
	info, err := os.Stat(from)
	switch {
	case err != nil:
	case info.IsDir():
		err = os.CopyFS(to, os.DirFS(from))
	default:
		var data []byte
		if data, err = os.ReadFile(from); err == nil {
			err = errors.Join(os.MkdirAll(filepath.Dir(to), 0o700), os.WriteFile(to, data, info.Mode().Perm()))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestRelease: the clone and what the image is built from give the same bytes; the binary knows its version and commit; the sums are what sha256sum reads; the
// SBOM lists what the binary says is in it.
func TestRelease(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("hack/build.sh needs a shell")
	}
	target := runtime.GOOS + "/" + runtime.GOARCH
	var made []string
	for _, root := range []string{"../..", image(t, "../..")} {
		out := t.TempDir()
		src := source{root: root, version: version, commit: "0123456789ab", date: time.Date(2026, 11, 28, 1, 2, 3, 0, time.FixedZone("", 3600))}
		files, err := release(t.Context(), src, target, out)
		if err == nil {
			err = writeSums(out, files)
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(out, sums))
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, string(data))
		if root != "../.." {
			continue
		}
		binary := filepath.Join(out, name(version, target))
		said, err := exec.Command(binary, "version").CombinedOutput()
		if want := "ddbot " + version + " (commit 0123456789ab)\n"; err != nil || string(said) != want {
			t.Errorf("it says %q, %v; want %q", said, err, want)
		}
		checkSBOM(t, binary, strings.TrimSuffix(binary, ".exe")+".spdx.json")
	}
	if made[0] != made[1] || strings.Count(made[0], "\n") != 2 {
		t.Errorf("two folders, two results:\n%s\n%s", made[0], made[1])
	}
}

func checkSBOM(t *testing.T, binary, list string) {
	t.Helper()
	f, err := os.Open(list)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc := &v2_3.Document{}
	if err := json.ReadInto(f, doc); err != nil {
		t.Fatalf("what was written cannot be read: %v", err)
	}
	if err := spdxlib.ValidateDocument(doc); err != nil {
		t.Errorf("it is not valid: %v", err)
	}
	if doc.SPDXVersion != "SPDX-2.3" || doc.CreationInfo.Created != "2026-11-28T00:02:03Z" {
		t.Errorf("%s, created %s", doc.SPDXVersion, doc.CreationInfo.Created)
	}
	if u, err := url.Parse(doc.DocumentNamespace); err != nil || !u.IsAbs() || strings.Contains(doc.DocumentNamespace, "#") {
		t.Errorf("%s is no namespace: SPDX 2.3, 6.5, wants an absolute URI without a fragment", doc.DocumentNamespace)
	}
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{info.Main.Path + " " + version, "stdlib " + strings.TrimPrefix(info.GoVersion, "go")}
	for _, m := range info.Deps {
		want = append(want, m.Path+" "+m.Version)
	}
	var got []string
	ids := map[string]bool{}
	for _, p := range doc.Packages {
		got = append(got, p.PackageName+" "+p.PackageVersion)
		ids[string(p.PackageSPDXIdentifier)] = true
	}
	if !slices.Equal(got, want) || len(info.Deps) < 20 {
		t.Errorf("it lists %d, the binary has %d", len(got), len(want))
	}
	if len(ids) != len(doc.Packages) || len(doc.Relationships) != len(doc.Packages) {
		t.Errorf("%d packages have %d names and %d relations", len(doc.Packages), len(ids), len(doc.Relationships))
	}
	sum, err := sha256Of(binary)
	if err != nil || doc.Packages[0].PackageChecksums[0].Value != sum {
		t.Errorf("it is about another binary: %v", err)
	}
}

// TestNames: the action, and who downloads by hand, go by these names.
func TestNames(t *testing.T) {
	for target, want := range map[string]string{"linux/amd64": "ddbot_v1.2.3_linux_amd64", "windows/arm64": "ddbot_v1.2.3_windows_arm64.exe"} {
		if got := name("v1.2.3", target); got != want {
			t.Errorf("%s: %s, want %s", target, got, want)
		}
	}
	for _, v := range []string{"", "1.2.3", "v1.2", "v01.2.3", "v1.2.3 ", "v1.2.3+build", "latest"} {
		if err := run(t.Context(), v, "nowhere", io.Discard); err == nil || !strings.Contains(err.Error(), "usage") {
			t.Errorf("%q: %v", v, err)
		}
	}
}

// Command release makes what a release consists of: binaries for every target, built by hack/build.sh, an SPDX list of what is in
// each, and SHA256SUMS. The same commit, version and Go give the same bytes, wherever and whenever it runs.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// targets are what Go calls GOOS/GOARCH.
var targets = []string{"darwin/amd64", "darwin/arm64", "linux/amd64", "linux/arm64", "windows/amd64", "windows/arm64"}

// sums is the file of checksums, in the form of sha256sum.
const sums = "SHA256SUMS"

// reVersion is a version as Go's modules have it (semver.org, with the v).
var reVersion = regexp.MustCompile(`^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?$`)

var errUsage = errors.New("usage: make release VERSION=v1.2.3")

// source is what is built: a commit in a folder, under a version.
type source struct {
	root, version, commit string
	date                  time.Time // of the commit: the only time that may show
}

func main() {
	version := flag.String("version", "", "the version, as its tag: v1.2.3")
	out := flag.String("out", "dist", "the folder to make; what is in it goes")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *version, *out, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		if errors.Is(err, errUsage) {
			os.Exit(2)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, version, out string, w io.Writer) error {
	if !reVersion.MatchString(version) {
		return fmt.Errorf("%q is no version; %w", version, errUsage)
	}
	src, err := committed(ctx, version)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return fmt.Errorf("make room: %w", err)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	var files []string
	for _, target := range targets {
		fmt.Fprintln(w, "build", version, target)
		made, err := release(ctx, src, target, out)
		if err != nil {
			return err
		}
		files = append(files, made...)
	}
	if err := writeSums(out, files); err != nil {
		return err
	}
	fmt.Fprintln(w, "the release is in", out)
	return nil
}

// committed is what stands at HEAD. Changes that are in no commit could not be built again by anybody.
func committed(ctx context.Context, version string) (source, error) {
	src := source{root: ".", version: version}
	changed, err := git(ctx, "status", "--porcelain", "--untracked-files=no")
	if err != nil {
		return src, err
	}
	if changed != "" {
		return src, fmt.Errorf("these files have changes that are not committed: commit them first\n%s", changed)
	}
	if src.commit, err = git(ctx, "rev-parse", "--short=12", "HEAD"); err != nil {
		return src, err
	}
	date, err := git(ctx, "log", "-1", "--format=%cI")
	if err == nil {
		src.date, err = time.Parse(time.RFC3339, date)
	}
	return src, err
}

func git(ctx context.Context, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, "git", args...).Output()
	if err != nil {
		return "", fmt.Errorf("a release is made in a clone: git %s: %w", args[0], err)
	}
	return strings.TrimRight(string(out), "\n"), nil
}

// name is the file of a target's binary.
func name(version, target string) string {
	goos, arch, _ := strings.Cut(target, "/")
	ext := ""
	if goos == "windows" {
		ext = ".exe"
	}
	return "ddbot_" + version + "_" + goos + "_" + arch + ext
}

// release makes the files of one target.
func release(ctx context.Context, src source, target, out string) (files []string, err error) {
	binary := name(src.version, target)
	path, err := filepath.Abs(filepath.Join(out, binary))
	if err != nil {
		return nil, fmt.Errorf("find the folder: %w", err)
	}
	goos, arch, _ := strings.Cut(target, "/")
	cmd := exec.CommandContext(ctx, "hack/build.sh", path)
	cmd.Dir, cmd.Stderr = src.root, os.Stderr
	cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+arch, "VERSION="+src.version, "COMMIT="+src.commit)
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("build for %s: %w", target, err)
	}
	list := strings.TrimSuffix(binary, ".exe") + ".spdx.json"
	if err := writeSBOM(path, filepath.Join(out, list), src); err != nil {
		return nil, err
	}
	return []string{binary, list}, nil
}

func writeSums(out string, files []string) error {
	var b strings.Builder
	slices.Sort(files)
	for _, f := range files {
		sum, err := sha256Of(filepath.Join(out, f))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%s  %s\n", sum, f)
	}
	if err := os.WriteFile(filepath.Join(out, sums), []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("write the checksums: %w", err)
	}
	return nil
}

func sha256Of(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("read what was made: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read what was made: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

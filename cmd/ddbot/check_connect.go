package main

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/evidence/hub"
	"github.com/ddbot/ddbot/pkg/evidence/web"
	"github.com/ddbot/ddbot/pkg/github"
)

// fullName is OWNER/NAME.
var fullName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$`)

// readerFlags say where GitHub is. Unlike the server's, a token is not needed.
type readerFlags struct {
	url, tokenFile, cache string
	budget                int
	badgeURL              string
	allow                 []string
}

func (f *readerFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.url, "github-url", github.DefaultURL, "base of GitHub's REST API, used as it is")
	fl.StringVar(&f.tokenFile, "github-token-file", "", "file with a token; without it, $GITHUB_TOKEN; without both, anonymous")
	fl.IntVar(&f.budget, "budget", defaultBudget, "how many reads of GitHub there may be")
	fl.StringVar(&f.cache, "cache", defaultCache(), "folder for what was read of GitHub, so that only changes are read again; empty for none")
	fl.StringVar(&f.badgeURL, "badge-url", "https://www.bestpractices.dev", "where badges are asked for")
	fl.StringArrayVar(&f.allow, "allow-address", nil, "HOST:PORT that may be opened although it is not public, or not port 80 or 443")
}

func defaultCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "ddbot", "evidence")
}

// hub makes the way to GitHub. It sends nothing.
func (f *readerFlags) hub() (*hub.Source, error) {
	if f.budget < 1 {
		return nil, usage("--budget is a number of reads, 1 at least")
	}
	token := strings.TrimSpace(os.Getenv("GITHUB_TOKEN"))
	if f.tokenFile != "" {
		data, err := os.ReadFile(f.tokenFile)
		if err != nil {
			return nil, &exitError{exitUsage, err}
		}
		token = strings.TrimSpace(string(data))
	}
	o := hub.Options{URL: f.url, Token: token, Budget: f.budget, UserAgent: "ddbot/" + buildVersion(), Now: time.Now}
	if f.cache != "" {
		o.Cache = hub.Dir(f.cache)
	}
	source, err := hub.New(o)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return source, nil
}

// web makes the client for addresses outside GitHub. An address that the operator names may be opened.
func (f *readerFlags) web() *web.Client {
	allow := f.allow
	if u, err := url.Parse(f.badgeURL); err == nil && u.Port() != "" {
		allow = append(allow, u.Host)
	}
	return web.New(web.Options{Allow: allow, UserAgent: "ddbot/" + buildVersion()})
}

// connect fills the rig with what asks a network; nothing is asked before it is needed.
func (f *evidenceFlags) connect(rig *evidenceRig) error {
	client := f.web()
	rig.lookAt, rig.fetch = client.Look, client.Text
	rig.badge = func(ctx context.Context, id string) (string, error) { return client.BadgeLevel(ctx, f.badgeURL, id) }
	source, err := f.hub()
	if err != nil {
		return err
	}
	rig.reads = source.Reads
	rig.hub = source
	if rig.source == nil {
		rig.source = source
	}
	return nil
}

func (f *checkFlags) readIssue(ctx context.Context, rig *evidenceRig, text string) (string, error) {
	ref, err := parseIssue(text, "")
	if err != nil {
		return "", err
	}
	return rig.hub.Issue(ctx, ref)
}

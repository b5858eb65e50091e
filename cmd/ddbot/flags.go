package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/github"
)

// githubFlags say where GitHub is and who we are there. Several subcommands share them.
type githubFlags struct {
	url, tokenFile string
	appID          int64
	appKeyFile     string
}

func (f *githubFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.StringVar(&f.url, "github-url", github.DefaultURL, "base of GitHub's REST API, used as it is")
	fl.StringVar(&f.tokenFile, "github-token-file", "", "file with a token; without it, $GITHUB_TOKEN")
	fl.Int64Var(&f.appID, "app-id", 0, "id of the GitHub App to act as")
	fl.StringVar(&f.appKeyFile, "app-key-file", "", "file with the App's private key (PEM)")
}

// hub checks the flags and makes the way to GitHub. It sends nothing.
func (f *githubFlags) hub(observe func(github.Call)) (*github.Hub, error) {
	o := github.Options{
		URL: f.url, AppID: f.appID, UserAgent: "ddbot/" + buildVersion(), Now: time.Now, Observe: observe,
	}
	switch {
	case (f.appID != 0) != (f.appKeyFile != ""):
		return nil, usage("--app-id and --app-key-file go together")
	case f.appID != 0:
		key, err := os.ReadFile(f.appKeyFile)
		if err != nil {
			return nil, &exitError{exitUsage, fmt.Errorf("read the App's private key: %w", err)}
		}
		o.AppKey = key
	case f.tokenFile != "":
		token, err := os.ReadFile(f.tokenFile)
		if err != nil {
			return nil, &exitError{exitUsage, fmt.Errorf("read the GitHub token: %w", err)}
		}
		if strings.TrimSpace(string(token)) == "" {
			return nil, usage("there is no GitHub token in %s", f.tokenFile)
		}
		o.TokenFile = f.tokenFile
	default:
		o.Token = strings.TrimSpace(os.Getenv("GITHUB_TOKEN"))
	}
	hub, err := github.New(o)
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	return hub, nil
}

// newLog logs to standard error: text for a terminal's reader, JSON with --log-format json.
func newLog(format, level string) (*logrus.Logger, error) {
	log := logrus.New()
	switch format {
	case "json":
		log.SetFormatter(&logrus.JSONFormatter{TimestampFormat: time.RFC3339Nano})
	case "text":
		log.SetFormatter(&logrus.TextFormatter{FullTimestamp: true, TimestampFormat: time.RFC3339})
	default:
		return nil, usage("--log-format is text or json, not %q", format)
	}
	l, err := logrus.ParseLevel(level)
	if err != nil {
		return nil, usage("the log level is debug, info, warning or error, not %q", level)
	}
	log.SetLevel(l)
	return log, nil
}

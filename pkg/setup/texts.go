package setup

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/rights"
)

// What the pages say when something is wrong.
const (
	textState = "GitHub sent you here with a state that this ddbot setup did not give. It is from another run, or from somebody else, " +
		"so its code is not used. Open the address that ddbot setup printed in the terminal."
	textGone    = "GitHub does not know this code any more. It counts once, and for an hour after the App was created."
	textOutage  = "GitHub could not be asked at %s: %s. Reload this page to try again: the code counts for an hour."
	textRefused = "GitHub refused the code: %s."
	textSave    = "GitHub gave the App and its key, which it shows only once; ddbot setup still holds them. Mend the cause and reload this page."
)

// Next is what there is after the App was made, and what comes next.
type Next struct {
	App          github.NewApp
	Files        Files
	GitHub       github.Places
	Hook         string
	SecretIsOurs bool // GitHub made no webhook secret: the one in the file has to go into the App's settings
}

// Install is where the App is given its repositories.
func (n Next) Install() string { return strings.TrimSuffix(n.App.URL, "/") + "/installations/new" }

// Start is the command that starts the server, for a shell.
func (n Next) Start() string { return strings.Join(n.StartParts(), " ") }

// StartParts are the same, each flag with its value: where a line may be broken.
func (n Next) StartParts() []string {
	return n.Files.serve(n.Files.config(), n.GitHub, "--app-id", fmt.Sprint(n.App.ID), "--app-key-file", n.Files.path(fileKey))
}

// Written are the files, and what is in each.
func (n Next) Written() [][2]string {
	out := [][2]string{
		{n.Files.path(fileID), "the App's id"},
		{n.Files.path(fileKey), "its private key"},
		{n.Files.path(fileSecret), "the secret of its webhook"},
	}
	if n.Files.Config == "" {
		out = append(out, [2]string{n.Files.path(fileConfig), "a configuration to begin with"})
	}
	return out
}

// Text says it in a terminal.
func (n Next) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "The App %s is created (%s). These files are readable for you alone:\n\n", n.App.Slug, n.App.URL)
	for _, f := range n.Written() {
		fmt.Fprintf(&b, "  %-28s %s\n", f[0], f[1])
	}
	step := 1
	say := func(format string, args ...any) {
		fmt.Fprintf(&b, "\n%d. "+format+"\n", append([]any{step}, args...)...)
		step++
	}
	if n.SecretIsOurs {
		say("GitHub made no secret for the webhook. Put the one in %s into the App's settings, as its webhook secret.", n.Files.path(fileSecret))
	}
	say("Start the server, where %s leads to its port 8888:\n\n  %s", n.Hook, n.Start())
	say("Install the App where it is to work, and choose the repositories:\n\n  %s", n.Install())
	return b.String()
}

// serve is the command that starts the server, with the flags that all ways to sign in have in common. Without a configuration
// all plugins are on.
func (f Files) serve(config string, g github.Places, who ...string) []string {
	flags := []string{"--store", "sqlite:" + f.path("ddbot.db"), "--webhook-secret-file", f.path(fileSecret)}
	if config != "" {
		flags = append([]string{"--config", config}, flags...)
	}
	flags = append(flags, who...)
	if g.API != github.DefaultURL {
		flags = append(flags, "--github-url", g.API)
	}
	parts := []string{"ddbot serve"}
	for pair := range slices.Chunk(flags, 2) {
		parts = append(parts, pair[0]+" "+shell(pair[1]))
	}
	return parts
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// shell quotes a word for a shell, if it has to be.
func shell(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// TokenSteps are the steps to a token instead of an App. An App hears of all its repositories, a token needs a webhook in each.
func (a App) TokenSteps(f Files) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	owner, hook := a.Organization, a.Hook
	if owner == "" {
		owner = "OWNER"
	}
	if hook == "" {
		hook = ExampleHook
	}
	say("1. Give an account of its own, the bot's, the role Write in the repositories. Editing a description takes that role.\n")
	say("2. Signed in as the bot, make a token, of one of two kinds.\n")
	say("   Fine-grained, %s/settings/personal-access-tokens/new. The bot has to be a member of the\n   organisation, whose owners may have to approve the token. Resource owner: %s. Permissions:\n", a.GitHub.Web, owner)
	for _, n := range a.Needs {
		where := "Repository"
		if n.Organization {
			where = "Organization"
		}
		say("     %-13s %-14s %-15s %s", where, n.Title, n.Access(), n.For)
	}
	say("\n   Classic, %s/settings/tokens/new. The bot may be an outside collaborator. Scopes:\n", a.GitHub.Web)
	for _, n := range a.Needs {
		if n.Scope != "" {
			say("     %-10s %s", n.Scope, scopeText(n))
		}
	}
	say("\n3. Keep the token and a secret in files that only the server reads:\n")
	say("     umask 077")
	say("     cat > %s           # paste the token, then Enter and Ctrl-D", shell(f.path(fileToken)))
	say("     openssl rand -hex 20 > %s\n", shell(f.path(fileSecret)))
	say("4. As an admin of each repository, make a webhook at %s/%s/REPOSITORY/settings/hooks/new:\n", a.GitHub.Web, owner)
	say("     Payload URL   %s", hook)
	say("     Content type  application/json")
	say("     Secret        what is in %s", f.path(fileSecret))
	say("     Events        %s\n", strings.Join(eventTitles(rights.Events(a.Needs)), ", "))
	say("5. Start the server:\n")
	say("     %s\n", strings.Join(f.serve(f.Config, a.GitHub, "--github-token-file", f.path(fileToken)), " "))
	say("An App reads GitHub's log of its deliveries and asks again for those that were lost. With a token that takes the role\nAdmin and one permission more (fine-grained: Webhooks, read and write; classic: admin:repo_hook); without it ddbot\nlooks through new comments instead.")
	return b.String()
}

const fileToken = "github-token"

func scopeText(n rights.Need) string {
	if n.Scope == "repo" {
		return "everything in repositories; public_repo is enough where all of them are public"
	}
	return n.For
}

// eventTitles are events as the page of a webhook names them.
func eventTitles(events []string) []string {
	out := make([]string, len(events))
	for i, e := range events {
		words := strings.ReplaceAll(e, "_", " ")
		if !strings.HasSuffix(words, "s") {
			words += "s"
		}
		out[i] = strings.ToUpper(words[:1]) + words[1:]
	}
	return out
}

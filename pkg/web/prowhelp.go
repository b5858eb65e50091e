package web

import (
	"encoding/json"
	"errors"
	"html"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// pluginHelp and commandHelp are Prow's form of help (kubernetes-sigs/prow, pkg/pluginhelp/pluginhelp.go @ a61940897): without JSON
// tags there, so that names are in upper case. Prow says that Description, Config and WhoCanUse may be HTML; its page (Deck) takes
// all the others for HTML, too. hook puts its own list in the place of Events.
type pluginHelp struct {
	Description string
	Config      map[string]string
	Snippet     string `json:",omitempty"`
	Events      []string
	Commands    []commandHelp
}

type commandHelp struct {
	Usage       string
	Featured    bool
	Description string
	Examples    []string
	WhoCanUse   string
}

// orgRepo is how hook names a repository. One that is registered twice comes twice.
type orgRepo struct{ Org, Repo string }

// maxHelpRequest is how much of a question is read. Anybody may ask; what is shown is for everybody.
const maxHelpRequest = 1 << 20

// prowHelp answers Prow's hook: the commands that are on in the repositories that it names, or by default if it names none. It asks
// nobody else: hook waits a second for all its plugins.
func (h *handler) prowHelp(w http.ResponseWriter, r *http.Request) {
	var repos []orgRepo
	if err := json.NewDecoder(io.LimitReader(r.Body, maxHelpRequest)).Decode(&repos); err != nil && !errors.Is(err, io.EOF) {
		plain(w, http.StatusBadRequest, `this takes Prow's list of repositories, [{"Org":"kubevirt","Repo":"community"}], or nothing`)
		return
	}
	help := pluginHelp{
		Description: "ddbot keeps the due-diligence checklist of CNCF promotion issues, with their labels and life cycle.",
		Config:      map[string]string{}, Events: []string{"issue_comment", "issues", "pull_request"},
	}
	if len(repos) == 0 {
		repos = []orgRepo{{}}
	}
	config, shown := h.Config.Current(), map[*plugin.Settings]string{}
	for _, repo := range repos {
		s, served := config.Defaults(), true
		if repo.Org != "" {
			s, served = config.For(issue.Ref{Owner: repo.Org, Repo: repo.Repo})
		}
		switch _, known := shown[s]; {
		case !served:
			shown[s] = "ddbot leaves this repository alone."
		case !known:
			shown[s] = help.add(s)
		}
		help.Config[repo.name()] = shown[s]
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(help)
}

// name is how Prow's page looks the configuration of a repository up; "" is that of all.
func (r orgRepo) name() string {
	if r.Org == "" {
		return ""
	}
	return r.Org + "/" + r.Repo
}

// add takes the commands up that are on under these settings, each once, and names the plugins.
func (help *pluginHelp) add(s *plugin.Settings) string {
	var on []string
	for _, p := range s.Catalog.Plugins {
		on = append(on, p.Name())
		for _, c := range p.Commands(s.Options[p.Name()]) {
			usage := html.EscapeString(c.Usage)
			if slices.ContainsFunc(help.Commands, func(have commandHelp) bool { return have.Usage == usage }) {
				continue
			}
			more := commandHelp{Usage: usage, Featured: p.Name() == "dd", Description: string(code(c.Help)), WhoCanUse: string(code(c.WhoCan()))}
			for _, e := range c.Examples {
				more.Examples = append(more.Examples, html.EscapeString(e))
			}
			help.Commands = append(help.Commands, more)
		}
	}
	return "These plugins of ddbot are on: " + strings.Join(on, ", ") + "."
}

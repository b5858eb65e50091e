package githubsim

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Options say what a simulated GitHub starts with. The zero value is usable.
type Options struct {
	// Now is the time to use; nil means a clock that starts at 2026-01-05T09:00Z and stands still.
	Now func() time.Time
	// Seed makes delivery GUIDs and Reorder repeatable.
	Seed uint64
	// Bot is the login of the bot under test, "ddbot[bot]" when empty. It is made at once.
	Bot string
	// BotToken is its token; made up when empty.
	BotToken string
	// App describes the GitHub App that the bot is; nil means that the bot is a plain account with a token.
	App *App
	// Rights are the permissions of the bot's token, as a fine-grained token has them: {"issues": "write"}; nil is no limit.
	Rights map[string]string
	// RateLimit is the number of calls a token may make in an hour, 5000 when zero.
	RateLimit int
	// Client delivers webhooks; nil means a client with GitHub's ten seconds of patience.
	Client *http.Client
}

// Sim is the simulated GitHub. All its methods may be called from several goroutines.
type Sim struct {
	opts  Options
	clock *Clock

	mu     sync.Mutex
	idle   *sync.Cond // signalled when a webhook queue runs empty
	rng    *rand.Rand
	lastID int64

	users    map[string]*user // by lower-case login, as in the maps below
	tokens   map[string]*token
	orgs     map[string]*org
	repos    map[string]*repo
	repoByID map[int64]*repo
	comments map[int64]*comment
	roles    map[string]string
	canned   map[string]canned

	used    map[string]string    // permissions of the bot
	browser *user                // who is signed in there
	drafts  map[string]*draftApp // by id
	made    map[string]*madeApp  // by code

	hooks      []*hook
	mode       Mode
	deliveries []*delivery

	calls   []Call
	unknown []Call
	faults  []*fault
	before  []*observer
	after   []*observer
	latency time.Duration
}

// observer is a function that watches calls; a pointer, so that it can be taken away again.
type observer struct{ f func(Call) }

// New starts a GitHub with one account in it, the bot.
func New(opts Options) *Sim {
	if opts.Bot == "" {
		opts.Bot = "ddbot[bot]"
	}
	if opts.RateLimit == 0 {
		opts.RateLimit = 5000
	}
	if opts.Client == nil {
		opts.Client = &http.Client{Timeout: 10 * time.Second}
	}
	s := &Sim{
		opts:     opts,
		clock:    newClock(opts.Now),
		rng:      rand.New(rand.NewPCG(opts.Seed, 0x6764)),
		lastID:   1000,
		users:    map[string]*user{},
		tokens:   map[string]*token{},
		orgs:     map[string]*org{},
		repos:    map[string]*repo{},
		repoByID: map[int64]*repo{},
		comments: map[int64]*comment{},
		roles:    map[string]string{},
		canned:   map[string]canned{},
		used:     map[string]string{},
		drafts:   map[string]*draftApp{},
		made:     map[string]*madeApp{},
	}
	s.idle = sync.NewCond(&s.mu)
	bot := s.addUser(opts.Bot)
	if opts.BotToken == "" {
		opts.BotToken = tokenFor(bot.login)
	}
	s.tokens[opts.BotToken] = &token{text: opts.BotToken, user: bot, app: opts.App != nil}
	bot.token = opts.BotToken
	s.opts = opts
	return s
}

// Clock gives the clock that everything here is dated by.
func (s *Sim) Clock() *Clock { return s.clock }

// Latency makes every answer from now on wait for d of real time, as a far-away GitHub would.
func (s *Sim) Latency(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.latency = d
}

// now is the time to write on things: GitHub's dates have no fractions of a second.
func (s *Sim) now() time.Time { return s.clock.Now().UTC().Truncate(time.Second) }

func (s *Sim) nextID() int64 {
	s.lastID++
	return s.lastID
}

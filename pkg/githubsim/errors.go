package githubsim

import (
	"fmt"
	"net/http"
)

// Error is a refusal, as GitHub words it.
type Error struct {
	Status  int
	Message string
	// Errors is the list that comes with a 422: objects, or one string.
	Errors []any

	header http.Header
	body   object // replaces the usual body
	raw    []byte // replaces it as it stands, if not nil
}

func (e *Error) Error() string {
	if len(e.Errors) > 0 {
		return fmt.Sprintf("%d %s %v", e.Status, e.Message, e.Errors)
	}
	return fmt.Sprintf("%d %s", e.Status, e.Message)
}

const docs = "https://docs.github.com/rest"

// render gives the JSON body.
func (e *Error) render() object {
	if e.body != nil {
		return e.body
	}
	o := object{"message": e.Message, "documentation_url": docs, "status": fmt.Sprint(e.Status)}
	if len(e.Errors) > 0 {
		o["errors"] = e.Errors
	}
	return o
}

func refuse(status int, format string, args ...any) error {
	return &Error{Status: status, Message: fmt.Sprintf(format, args...)}
}

func notFound() error { return refuse(404, "Not Found") }

// forbidden is what GitHub says to somebody who can see a thing but not do this to it: one text for apps, one for people.
func (a actor) forbidden() error {
	if a.app {
		return refuse(403, "Resource not accessible by integration")
	}
	return refuse(403, "Must have admin rights to Repository.")
}

// invalid is a 422 about one field.
func invalid(resource, field, code, message string) error {
	detail := object{"resource": resource, "field": field, "code": code}
	if message != "" {
		detail["message"] = message
	}
	return &Error{Status: 422, Message: "Validation Failed", Errors: []any{detail}}
}

// unsupported says that this is a gap of the simulator and not an answer of GitHub.
func unsupported(format string, args ...any) error {
	return refuse(http.StatusNotImplemented, "githubsim does not know "+format, args...)
}

// must ends a set-up that GitHub would have refused.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Try runs f and gives the refusal that it met, if any. Other panics pass through.
func (s *Sim) Try(f func()) (err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *Error:
			err = r
		default:
			panic(r)
		}
	}()
	f()
	return nil
}

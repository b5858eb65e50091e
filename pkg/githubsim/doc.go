// Package githubsim is a GitHub that runs inside a test or a demo: people, repositories, issues, labels, reactions,
// webhooks, REST and a little GraphQL, all over HTTP.
//
// It behaves as GitHub does wherever a bot can tell the difference: rights, status codes, what moves updated_at, page
// links, ETags, rate-limit headers, the events that a write raises, limits and their error texts. What it does not know
// it answers with 501 and notes in [Sim.Unknown], so that a test fails instead of believing an empty answer.
//
// Nothing in it is random, but for the keys of Apps, or reads the machine's clock: ids count up, delivery GUIDs come from a seed, and time stands
// still until somebody moves it.
//
// There are two ways in. Over HTTP with the token of a person ([Sim.Token]) everything can be refused, as on GitHub.
// The methods of [Sim] act as a named person as well, under the same rules; where GitHub would refuse, they panic with
// an *[Error], because a test that sets up what cannot happen is wrong. [Sim.Try] turns the panic into an error.
package githubsim

package hanami

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

const (
	defaultPort = "11418"
	apiPrefix   = "/control/v1"
)

// address is where a server listens.
type address struct {
	secure bool
	// host holds host and port.
	host string
}

// parseAddress takes "host", "host:port", "http://host:port/" and the same with https.
func parseAddress(text string) (address, error) {
	invalid := func(reason string) (address, error) {
		return address{}, fmt.Errorf("hanami: can't use the address %q: %s", text, reason)
	}
	bare, secure := strings.CutPrefix(text, "https://")
	bare = strings.TrimSuffix(strings.TrimPrefix(bare, "http://"), "/")
	parsed, err := url.Parse("http://" + bare)
	if err != nil || parsed.Host != bare || parsed.Hostname() == "" {
		if strings.Contains(bare, "@") {
			// Not repeated in the message: it may hold a password.
			return address{}, fmt.Errorf(
				"hanami: can't use the address: user and password are arguments of their own")
		}
		return invalid("it is not `host:port`")
	}
	port := parsed.Port()
	if port == "" {
		if strings.HasSuffix(bare, ":") {
			return invalid("the port is missing")
		}
		port = defaultPort
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return invalid("the port is not a number from 0 to 65535")
	}
	return address{secure: secure, host: net.JoinHostPort(parsed.Hostname(), port)}, nil
}

func (a address) String() string {
	if a.secure {
		return "https://" + a.host
	}
	return "http://" + a.host
}

// endpoint is the URL of path, which begins with a slash.
func (a address) endpoint(path string, query url.Values) string {
	if len(query) == 0 {
		return a.String() + path
	}
	return a.String() + path + "?" + query.Encode()
}

// websocket is the URL of the websocket.
func (a address) websocket() string {
	return "ws" + strings.TrimPrefix(a.String(), "http") + "/"
}

package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/troupe-go/troupe/core"
)

// patience is how long a request waits for the store.
const patience = time.Second

// routes are the service's, over a store.
func routes(store core.Ref[any]) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{key}", func(w http.ResponseWriter, r *http.Request) { get(w, r, store) })
	mux.HandleFunc("PUT /{key}", func(w http.ResponseWriter, r *http.Request) { set(w, r, store) })
	return mux
}

func get(w http.ResponseWriter, r *http.Request, store core.Ref[any]) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	value, err := core.Call(ctx, store, lookUp{key: r.PathValue("key")})
	if err != nil {
		fail(w, err)
		return
	}
	_, _ = io.WriteString(w, value) // a client that has gone needs no answer
}

func set(w http.ResponseWriter, r *http.Request, store core.Ref[any]) {
	if err := store.Tell(r.Context(), put{r.PathValue("key"), r.FormValue("value")}); err != nil {
		fail(w, err)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// fail says what became of a message in the terms of HTTP.
func fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	switch {
	case errors.Is(err, errNotFound):
		status = http.StatusNotFound
	case errors.Is(err, core.ErrInboxFull):
		status = http.StatusTooManyRequests
	case errors.Is(err, core.ErrDead), errors.Is(err, context.DeadlineExceeded):
		status = http.StatusServiceUnavailable
	}
	http.Error(w, err.Error(), status)
}

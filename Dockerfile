# A static binary on an image with nothing else but certificates. Build: docker build --build-arg COMMIT=$(git rev-parse --short=12 HEAD) -t ddbot .
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY config config
COPY pkg pkg
COPY plugins plugins
ARG VERSION=development
ARG COMMIT=
RUN CGO_ENABLED=0 go build -tags nodemo -trimpath -ldflags "-s -w -X main.version=${VERSION} -X main.commit=${COMMIT}" -o /ddbot ./cmd/ddbot && mkdir /data

FROM gcr.io/distroless/static:nonroot
COPY --from=build /ddbot /ddbot
COPY --from=build --chown=nonroot:nonroot /data /data
VOLUME /data
EXPOSE 8888
ENTRYPOINT ["/ddbot"]
CMD ["serve", "--store", "sqlite:/data/ddbot.db"]

# A static binary on an image with nothing else but certificates. The same build as the binaries of a
# release: docker build --build-arg VERSION=v0.1.0 --build-arg COMMIT=$(git rev-parse --short=12 HEAD) -t ddbot .
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY config config
COPY pkg pkg
COPY plugins plugins
COPY hack/build.sh hack/build.sh
ARG VERSION=
ARG COMMIT=
RUN hack/build.sh /ddbot && mkdir /data

FROM gcr.io/distroless/static:nonroot
COPY --from=build /ddbot /ddbot
COPY --from=build --chown=nonroot:nonroot /data /data
VOLUME /data
EXPOSE 8888
ENTRYPOINT ["/ddbot"]
CMD ["serve", "--store", "sqlite:/data/ddbot.db"]

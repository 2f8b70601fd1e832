package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.fanout.publication.PublicationDeduplicator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How backends publish. One component for each key of `ingress`, which is why there are more than six.
///
/// @param tokens digest of each publisher's bearer token, by its name: `sha256:` and 64 hex digits, or two with a comma
///     between; these publishers may publish everything. Without any, and without a file, nobody may publish
/// @param publishersFile a JSON file of publishers with their tokens' digests, what each may publish, and its quotas;
/// read
///     again when it changes. With it, records of `ingress.events` need a header `principal` that names one of them
/// @param publishersInterval between two looks at that file: the time in which a revoked token is refused
/// @param inFlightMax events that wait for their append, over all calls; more are answered 503; a higher limit lets
///     longer bursts wait instead, in memory that `in-flight-bytes-max` bounds
/// @param inFlightBytesMax memory for these and for guild snapshots being received; at least 64 MB for one of the
///     largest, and as much again for each further one received at the same time
/// @param appendTimeout how long an append may take before the event is answered 503; longer survives a change of the
///     partition leader, shorter reports a failure to the publisher sooner
/// @param burstInterval shortest time between two requests to a broker: a longer one makes fewer, larger requests on
///     the whole path to the clients, and delays events in a burst by at most this long; a publisher that waits for
///     each response gets one per interval; a single event never waits
/// @param sslBundle the SSL bundle of both endpoints' certificate; a renewed one serves new connections. Blank:
///     plaintext, which an address other than the loopback one needs `guildcast.internal.plaintext` for, since
///     publishers show their tokens
/// @param http the HTTP endpoint
/// @param grpc the gRPC endpoint
@ConfigurationProperties("ingress")
record IngressProperties(
        @DefaultValue Map<String, String> tokens,
        @Nullable Path publishersFile,
        @DefaultValue("5s") Duration publishersInterval,
        @DefaultValue("4096") int inFlightMax,
        @DefaultValue("128MB") DataSize inFlightBytesMax,
        @DefaultValue("10s") Duration appendTimeout,
        @DefaultValue("8ms") Duration burstInterval,
        @DefaultValue("") String sslBundle,
        @DefaultValue Http http,
        @DefaultValue Grpc grpc) {

    IngressProperties {
        require(
                publishersInterval.compareTo(Duration.ofMillis(100)) >= 0,
                "ingress.publishers-interval",
                publishersInterval,
                "at least 100ms");
        require(inFlightMax >= 1, "ingress.in-flight-max", inFlightMax, "at least 1");
        require(
                inFlightBytesMax.toBytes() >= EventCatalogue.DOCUMENT_BYTES_MAX,
                "ingress.in-flight-bytes-max",
                inFlightBytesMax,
                "at least 64MB, the largest guild");
        require(
                appendTimeout.compareTo(Duration.ofMillis(100)) >= 0
                        && appendTimeout.compareTo(Duration.ofMinutes(2)) <= 0,
                "ingress.append-timeout",
                appendTimeout,
                "100ms to 2m");
        require(
                !burstInterval.isNegative() && burstInterval.compareTo(Duration.ofMillis(100)) <= 0,
                "ingress.burst-interval",
                burstInterval,
                "0 to 100ms");
        require(
                grpc.outstandingMax() <= inFlightMax,
                "ingress.grpc.outstanding-max",
                grpc.outstandingMax(),
                "at most ingress.in-flight-max, " + inFlightMax);
        require(
                http.outstandingMax() <= inFlightMax,
                "ingress.http.outstanding-max",
                http.outstandingMax(),
                "at most ingress.in-flight-max, " + inFlightMax);
    }

    /// The HTTP endpoint, on a port of its own.
    ///
    /// @param port where it listens; never the port of clients; 0 takes a free one
    /// @param address the address it binds; backends elsewhere need another, and then `ingress.ssl-bundle`
    /// @param outstandingMax unacknowledged events of one request; more make a large request faster, and let it
    ///     take a larger share of `in-flight-max`
    /// @param requestBytesMax size of a request; a larger one is answered 413; events are read as they arrive, so
    ///     it costs time and no memory
    /// @param requestTimeout how long a request may take to arrive; it must suffice for the largest guild on the
    /// slowest link
    record Http(
            @DefaultValue("8090") int port,
            @DefaultValue("127.0.0.1") String address,
            @DefaultValue("64") int outstandingMax,
            @DefaultValue("256MB") DataSize requestBytesMax,
            @DefaultValue("5m") Duration requestTimeout) {
        Http {
            require(port >= 0 && port <= 65_535, "ingress.http.port", port, "0 to 65535");
            require(
                    outstandingMax >= 1 && outstandingMax <= PublicationDeduplicator.WINDOW,
                    "ingress.http.outstanding-max",
                    outstandingMax,
                    "1 to 1024, a publisher's window");
            require(requestBytesMax.toBytes() >= 1, "ingress.http.request-bytes-max", requestBytesMax, "at least 1B");
            require(requestTimeout.isPositive(), "ingress.http.request-timeout", requestTimeout, "more than 0");
        }
    }

    /// The gRPC endpoint, on a port of its own: publishers reach nothing else.
    ///
    /// @param port where it listens; 0 takes a free one
    /// @param address the address it binds; backends elsewhere need another, and then `ingress.ssl-bundle`
    /// @param outstandingMax unacknowledged events of one call; beyond it the caller is slowed by flow control
    record Grpc(
            @DefaultValue("9091") int port,
            @DefaultValue("127.0.0.1") String address,
            @DefaultValue("256") int outstandingMax) {
        Grpc {
            require(port >= 0 && port <= 65_535, "ingress.grpc.port", port, "0 to 65535");
            require(
                    outstandingMax >= 1 && outstandingMax <= PublicationDeduplicator.WINDOW,
                    "ingress.grpc.outstanding-max",
                    outstandingMax,
                    "1 to 1024, a publisher's window");
        }
    }

    private static void require(boolean holds, String property, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(property + " " + value + " (expected: " + expected + ")");
        }
    }
}

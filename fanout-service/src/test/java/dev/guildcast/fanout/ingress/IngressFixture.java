package dev.guildcast.fanout.ingress;

import dev.guildcast.contract.Topology;
import dev.guildcast.fanout.publisher.PublisherFile;
import dev.guildcast.fanout.publisher.Publishers;
import dev.guildcast.shard.access.TokenDigest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// An ingress over memory, and events for it.
final class IngressFixture {
    static final String GUILD = "197038439483310086";

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final InMemoryEventAppender log = new InMemoryEventAppender();
    final InFlightLimit inFlight;
    final IngressCounters counters;
    final EventIngress ingress;
    /// Has the publisher `shop`, which may publish everything, with the token `s3cret`.
    final Publishers publishers = new Publishers(System::nanoTime);

    IngressFixture() {
        this(100, 128 << 20);
    }

    IngressFixture(int eventsMax, long bytesMax) {
        inFlight = new InFlightLimit(eventsMax, bytesMax);
        counters = new IngressCounters(registry, inFlight);
        publishers.replace(Map.of("shop", PublisherFile.unrestricted(digest("s3cret"))));
        ingress = new EventIngress(log, new Topology(4, 1, 2, 4), inFlight, counters);
    }

    double counted(Transport transport, String outcome) {
        return registry.get("guildcast.ingress.events")
                .tags("transport", transport.tag(), "outcome", outcome)
                .counter()
                .count();
    }

    /// Gives the publisher `shop` other rules.
    ///
    /// @param rules as JSON, beside its token
    void shop(String rules) {
        publishers.replace(
                PublisherFile.parse(utf8("{\"shop\": {\"tokens\": [\"" + digest("s3cret") + "\"], " + rules + "}}")));
    }

    double counted(String name, String tag, String value) {
        return registry.get(name)
                .tags("publisher", "shop", tag, value)
                .counter()
                .count();
    }

    /// As settings hold a token.
    static String digest(String token) {
        return "sha256:" + TokenDigest.of(token);
    }

    static String message(int id) {
        return ("{\"t\":\"MESSAGE_CREATE\",\"d\":{\"id\":\"%d\",\"guild_id\":\"%s\",\"channel_id\":\"31\","
                        + "\"author\":{\"id\":\"41\"},\"content\":\"hi\"}}")
                .formatted(id, GUILD);
    }

    static String message(int id, long sequence) {
        return message(id).replaceFirst("\\{", "{\"sequence\":" + sequence + ",");
    }

    static String wrong() {
        return "{\"t\":\"MESSAGE_CREATE\",\"d\":{\"id\":\"1\",\"guild_id\":\"7\"}}";
    }

    static String document(int members) {
        var all = IntStream.rangeClosed(1, members)
                .mapToObj("{\"user\":{\"id\":\"%d\",\"username\":\"u\"},\"roles\":[]}"::formatted)
                .collect(Collectors.joining(","));
        return ("{\"t\":\"GUILD_CREATE\",\"d\":{\"id\":\"%s\",\"owner_id\":\"1\",\"roles\":[{\"id\":\"%<s\","
                        + "\"permissions\":\"0\"}],\"members\":[%s]}}")
                .formatted(GUILD, all);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package dev.guildcast.brokers;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The Kafka and the Redis of this JVM: started when first asked for, gone when the JVM is.
///
/// The system property `guildcast.brokers`, or the environment variable `GUILDCAST_BROKERS`, says where they run:
/// `embedded`, `containers`, or `auto`, the default, which takes containers where a Docker engine answers.
///
/// - **Owner:** this class's lock; any thread may ask.
/// - **Bound:** one of each a JVM.
/// - **Promise:** what it hands out answers. Redis may be stopped and paused by a test, which starts it again itself.
public final class Brokers {
    /// Where brokers run.
    public enum Place {
        EMBEDDED,
        CONTAINERS
    }

    private static @Nullable Brokers shared;

    private final Place place;
    private @Nullable KafkaBroker kafka;
    private @Nullable RedisServer redis;

    private Brokers(Place place) {
        this.place = place;
    }

    /// The brokers that all tests of this JVM share: topics and keys must not meet, so each test takes its own prefix.
    public static synchronized Brokers shared() {
        if (shared == null) {
            var fresh = new Brokers(choose(Setting.of("guildcast.brokers"), DockerEngine.ofThisMachine()));
            Runtime.getRuntime().addShutdownHook(new Thread(fresh::stop, "brokers-stop"));
            shared = fresh;
        }
        return shared;
    }

    /// @throws IllegalArgumentException if the setting is none of the three
    static Place choose(@Nullable String setting, DockerEngine engine) {
        return switch (setting == null ? "auto" : setting.toLowerCase(Locale.ROOT)) {
            case "embedded" -> Place.EMBEDDED;
            case "containers" -> Place.CONTAINERS;
            case "auto" -> engine.answers() ? Place.CONTAINERS : Place.EMBEDDED;
            default ->
                throw new IllegalArgumentException(
                        "guildcast.brokers '" + setting + "' (expected: auto, embedded or containers)");
        };
    }

    public Place place() {
        return place;
    }

    /// `host:port` of a Kafka that answers. The first call takes seconds.
    public synchronized String kafkaBootstrap() {
        if (kafka == null) {
            kafka = switch (place) {
                case EMBEDDED -> EmbeddedKafka.start();
                case CONTAINERS -> ContainerKafka.start();
            };
        }
        return kafka.bootstrap();
    }

    /// The shared Redis, with its handles to pause and stop it.
    public synchronized RedisServer redis() {
        if (redis == null) {
            redis = newRedis();
        }
        return redis;
    }

    public String redisHost() {
        return redis().host();
    }

    public int redisPort() {
        return redis().port();
    }

    /// A further Redis, for a test that kills it; whoever asked closes it.
    public RedisServer newRedis() {
        return switch (place) {
            case EMBEDDED -> EmbeddedRedis.startNew();
            case CONTAINERS -> ContainerRedis.startNew();
        };
    }

    private synchronized void stop() {
        if (redis != null) {
            redis.close();
        }
        if (kafka instanceof EmbeddedKafka embedded) {
            embedded.abandon();
        } else if (kafka != null) {
            kafka.close();
        }
    }
}

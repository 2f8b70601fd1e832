package dev.guildcast.brokers;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The Kafka and the Redis of this JVM: started on first use, stopped with the JVM.
///
/// The system property `guildcast.brokers`, or the environment variable `GUILDCAST_BROKERS`, selects how they run:
/// `embedded`, `containers`, or `auto`, the default, which uses containers where a Docker engine responds.
///
/// - **Owner:** this class's lock; any thread may call.
/// - **Bound:** one of each per JVM.
/// - **Promise:** a returned broker accepts requests. A test that stops or pauses Redis starts it again itself.
public final class Brokers {
    /// Where brokers run.
    public enum Mode {
        EMBEDDED,
        CONTAINERS
    }

    private static @Nullable Brokers shared;

    private final Mode mode;
    private @Nullable KafkaBroker kafka;
    private @Nullable RedisServer redis;

    private Brokers(Mode mode) {
        this.mode = mode;
    }

    /// The brokers that all tests of this JVM share: each test uses a prefix of its own, so that topics and keys
    /// differ.
    public static synchronized Brokers shared() {
        if (shared == null) {
            var fresh = new Brokers(chooseMode(JvmSetting.of("guildcast.brokers"), DockerEngine.ofThisMachine()));
            Runtime.getRuntime().addShutdownHook(new Thread(fresh::stop, "brokers-stop"));
            shared = fresh;
        }
        return shared;
    }

    /// @throws IllegalArgumentException if the setting is not one of the three
    static Mode chooseMode(@Nullable String setting, DockerEngine engine) {
        return switch (setting == null ? "auto" : setting.toLowerCase(Locale.ROOT)) {
            case "embedded" -> Mode.EMBEDDED;
            case "containers" -> Mode.CONTAINERS;
            case "auto" -> engine.isReachable() ? Mode.CONTAINERS : Mode.EMBEDDED;
            default ->
                throw new IllegalArgumentException(
                        "guildcast.brokers '" + setting + "' (expected: auto, embedded or containers)");
        };
    }

    public Mode mode() {
        return mode;
    }

    /// `host:port` of a running Kafka. The first call starts it, which takes seconds.
    public synchronized String kafkaBootstrap() {
        if (kafka == null) {
            kafka = switch (mode) {
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

    /// Another Redis, for a test that kills it; the caller closes it.
    public RedisServer newRedis() {
        return switch (mode) {
            case EMBEDDED -> EmbeddedRedis.startNew();
            case CONTAINERS -> ContainerRedis.startNew();
        };
    }

    private synchronized void stop() {
        if (redis != null) {
            redis.close();
        }
        if (kafka instanceof EmbeddedKafka embedded) {
            embedded.abandonData();
        } else if (kafka != null) {
            kafka.close();
        }
    }
}

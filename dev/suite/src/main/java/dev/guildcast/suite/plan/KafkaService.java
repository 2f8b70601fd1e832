package dev.guildcast.suite.plan;

import dev.guildcast.brokers.EmbeddedKafka;
import java.nio.file.Path;

/// Kafka as a service of the suite.
public final class KafkaService {
    private KafkaService() {}

    /// @param args the port and the data folder
    public static AutoCloseable start(String... args) {
        return EmbeddedKafka.start(Integer.parseInt(args[0]), Path.of(args[1]));
    }
}

package dev.guildcast.brokers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Runs [EmbeddedKafka] as a child process: `KafkaMain PORT FOLDER`.
///
/// It prints `kafka ready HOST:PORT` on one line once it accepts requests, and halts when its standard input ends.
public final class KafkaMain {
    private KafkaMain() {}

    /// @param args the clients' port, 0 for a free one, and the folder of the data
    public static void main(String... args) throws IOException {
        ParentWatch.start();
        var data = Files.createDirectories(Path.of(args[1]));
        try {
            var kafka = EmbeddedKafka.start(Integer.parseInt(args[0]), data);
            Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "kafka-close"));
            System.out.println("kafka ready " + kafka.bootstrap());
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}

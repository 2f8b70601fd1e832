package dev.guildcast.brokers;

import java.io.IOException;
import java.nio.file.Path;

/// A test process that starts a Redis and a Kafka, prints their process ids and waits to be killed.
final class BrokerParentProcess {
    private BrokerParentProcess() {}

    public static void main(String... args) throws IOException, InterruptedException {
        var redis = EmbeddedRedis.startNew();
        var kafka = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KafkaMain.class.getName(),
                        "0",
                        Path.of(args[0]).toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        for (var line = "";
                line != null && !line.startsWith("kafka ready");
                line = kafka.inputReader().readLine()) {
            System.err.println(line);
        }
        System.out.println("children " + redis.pid() + " " + kafka.pid());
        Thread.currentThread().join();
    }
}

package dev.guildcast.suite.command;

import dev.guildcast.suite.publish.GrpcIngressClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Publishes events from a file.
@Command(
        name = "publish",
        description = "Publishes events, one JSON object {\"t\":…,\"d\":…} per line, and prints their offsets.",
        footer = {"", "The exit code is 1 if any event was rejected."})
public final class PublishCommand implements Callable<Integer> {
    @Mixin
    private final HelpOption help = new HelpOption();

    @Parameters(paramLabel = "FILE|-", description = "File of JSON lines, or - for standard input.")
    private String file = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        var status = RunningSuite.find();
        try (var lines = file.equals("-")
                        ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                        : Files.newBufferedReader(Path.of(file));
                var ingress =
                        GrpcIngressClient.connect(status.ingressGrpc(), status.ingressToken(), System.out::println)) {
            int number = 0;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    ingress.publish(number, line);
                }
            }
            return ingress.finish() ? 0 : 1;
        }
    }
}

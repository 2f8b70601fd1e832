package dev.guildcast.suite.command;

import dev.guildcast.suite.publish.EventLineReader;
import dev.guildcast.suite.publish.EventLineReader.EventLine;
import dev.guildcast.suite.publish.EventLineReader.RefusedLine;
import dev.guildcast.suite.publish.GrpcIngressClient;
import dev.guildcast.suite.status.FileFailure;
import java.io.IOException;
import java.io.InputStream;
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
        footer = {"", "A line that is rejected does not keep the others from being published. The exit code is 1 then."
        })
public final class PublishCommand implements Callable<Integer> {
    @Mixin
    private final HelpOption help = new HelpOption();

    @Parameters(paramLabel = "FILE|-", description = "File of JSON lines, or - for standard input.")
    private String file = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var input = open()) {
            var status = RunningSuite.find();
            try (var ingress =
                    GrpcIngressClient.connect(status.ingressGrpc(), status.ingressToken(), System.out::println)) {
                var lines = new EventLineReader(input, GrpcIngressClient.EVENT_BYTES_MAX);
                boolean allSent = true;
                for (var line = lines.next(); line.isPresent(); line = lines.next()) {
                    switch (line.get()) {
                        case EventLine event -> ingress.publish(event.number(), event.text());
                        case RefusedLine refused -> {
                            allSent = false;
                            System.out.println("line " + refused.number() + ": rejected, " + refused.reason());
                        }
                    }
                }
                return ingress.finish() && allSent ? 0 : 1;
            }
        }
    }

    private InputStream open() {
        if (file.equals("-")) {
            return System.in;
        }
        var path = Path.of(file);
        try {
            if (Files.isDirectory(path)) {
                throw new IllegalArgumentException(
                        "cannot read " + file + ": it is a folder; give a file of JSON lines");
            }
            return Files.newInputStream(path);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read " + file + ": " + FileFailure.reason(e) + "; give a file of JSON lines, or - for"
                            + " standard input",
                    e);
        }
    }
}

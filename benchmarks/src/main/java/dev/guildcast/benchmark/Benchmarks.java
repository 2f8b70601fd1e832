package dev.guildcast.benchmark;

import dev.guildcast.benchmark.socket.SocketBenchmark;
import dev.guildcast.benchmark.suite.DeliveryBenchmark;
import dev.guildcast.benchmark.suite.StartBenchmark;
import dev.guildcast.benchmark.voice.VoiceRelayBenchmark;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command behind `benchmarks/run`.
@NullMarked
@Command(
        name = "benchmarks/run",
        mixinStandardHelpOptions = true,
        subcommands = {StartBenchmark.class, DeliveryBenchmark.class, VoiceRelayBenchmark.class, SocketBenchmark.class},
        description = "Runs the benchmarks. 'apply' measures the two apply functions with JMH and takes its options.")
public final class Benchmarks implements Runnable {
    private static final String APPLY = "apply";

    public static void main(String... args) throws IOException {
        if (args.length > 0 && args[0].equals(APPLY)) {
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
            return;
        }
        System.exit(new CommandLine(new Benchmarks()).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}

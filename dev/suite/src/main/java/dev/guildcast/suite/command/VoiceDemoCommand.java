package dev.guildcast.suite.command;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/// Runs the demo of voice, which is not on the class path of the services.
@Command(
        name = "voice-demo",
        description = "Lets two clients talk through a suite of its own, kills their voice server, and prints the gap.")
public final class VoiceDemoCommand implements Callable<Integer> {
    private static final String MAIN = "dev.guildcast.demo.VoiceDemo";

    @Unmatched
    private List<String> args = new ArrayList<>();

    @Override
    public Integer call() throws ReflectiveOperationException {
        return DemoCommand.run(MAIN, args);
    }
}

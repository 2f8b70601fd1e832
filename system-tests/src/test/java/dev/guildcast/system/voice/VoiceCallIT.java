package dev.guildcast.system.voice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.demo.VoiceDemoRun;
import dev.guildcast.suite.jvm.JavaCommand;
import dev.guildcast.suite.local.LocalSuite;
import dev.guildcast.suite.plan.SuiteOptions;
import dev.guildcast.suite.plan.SuiteOptions.Instances;
import dev.guildcast.suite.process.ServiceStatus;
import dev.guildcast.suite.process.SuiteListener;
import dev.guildcast.suite.status.SuiteFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// Two clients in a channel of a running suite, and the death of the voice server that carries them.
class VoiceCallIT {
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);

    /// What a person notices as a drop-out rather than as the end of the call; twice what it takes on an idle machine.
    private static final Duration GAP_MAX = Duration.ofSeconds(1);

    @Test
    void goesOnWithinASecondWhenItsVoiceServerIsKilled() throws Exception {
        List<String> console = new CopyOnWriteArrayList<>();
        var folder = new SuiteFolder(Path.of("target", "voice-suite"));
        var options = SuiteOptions.defaults()
                .withInstances(Instances.ONE.withVoiceServers(2))
                .withPort(0);
        try (var suite = LocalSuite.start(options, folder, JavaCommand.ofThisProcess(), new Listener(), console::add)) {
            assertThat(suite.awaitReady(READY_WITHIN)).as("%s", console).isTrue();
            try (var run = new VoiceDemoRun(suite, folder, console::add)) {
                run.connect();
                var outcome = run.killServer();
                System.out.println("gaps " + outcome.gaps() + " after the loss of " + outcome.killed());
                assertThat(outcome.gaps()).as("%s", run.log()).allMatch(gap -> gap.compareTo(GAP_MAX) < 0);
            }
        }
    }

    private static final class Listener implements SuiteListener {
        @Override
        public void onState(ServiceStatus status) {}

        @Override
        public void onEnded(ServiceStatus status, String reason, Duration backoff) {}
    }
}

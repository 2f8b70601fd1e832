package dev.guildcast.witness;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.guildcast.shard.testing.PackageRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "dev.guildcast.witness";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void judgesFromOutsideAndSharesNothingWithTheSuite() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.guildcast.gateway..",
                        "dev.guildcast.session..",
                        "dev.guildcast.fanout..",
                        "dev.guildcast.presence..",
                        "dev.guildcast.voice..",
                        "dev.guildcast.coordinator..",
                        "dev.guildcast.shard..",
                        "dev.guildcast.contract..",
                        "dev.guildcast.event..",
                        "dev.guildcast.audience..",
                        "dev.guildcast.delivery..",
                        "dev.guildcast.link..",
                        "dev.guildcast.suite..",
                        "dev.guildcast.backend..",
                        "dev.guildcast.brokers..",
                        "org.springframework..",
                        "io.grpc..")
                .check(CLASSES);
    }

    @Test
    void packagesAreFreeOfCycles() {
        PackageRules.assertFreeOfCycles(CLASSES, ROOT);
    }

    @Test
    void onlyClassesNamedForThemUseKafkaAndJda() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Kafka[^.]*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(CLASSES);
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Jda[^.]*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("net.dv8tion..")
                .check(CLASSES);
    }
}

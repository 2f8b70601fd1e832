package dev.guildcast.witness;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final String ROOT = "dev.guildcast.witness";

    /// By the first package below the root; the root is a slice, too, because a cycle over it is one like any other.
    private static final SliceAssignment PACKAGES = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            if (!type.getPackageName().startsWith(ROOT)) {
                return SliceIdentifier.ignore();
            }
            var below = type.getPackageName().substring(ROOT.length());
            return SliceIdentifier.of(below.isEmpty() ? "root" : below.split("\\.")[1]);
        }

        @Override
        public String getDescription() {
            return "the packages of " + ROOT;
        }
    };

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
        slices().assignedFrom(PACKAGES).should().beFreeOfCycles().check(CLASSES);
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

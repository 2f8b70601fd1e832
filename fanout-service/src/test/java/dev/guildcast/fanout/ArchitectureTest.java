package dev.guildcast.fanout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.guildcast.fanout");

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.guildcast.fanout.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void onlyAdaptersKnowGrpc() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Grpc[^.]*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.grpc..")
                .check(CLASSES);
    }

    @Test
    void onlyAdaptersKnowKafka() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.Kafka[^.]*")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void theMachinesKnowNoSpringAndNoClock() {
        classes()
                .that()
                .resideInAnyPackage(
                        "dev.guildcast.fanout.event..",
                        "dev.guildcast.fanout.audience..",
                        "dev.guildcast.fanout.shard..")
                .should()
                .onlyDependOnClassesThat()
                .resideOutsideOfPackages("org.springframework..", "io.micrometer..", "reactor..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage("dev.guildcast.fanout.event..", "dev.guildcast.fanout.shard..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .check(CLASSES);
    }
}

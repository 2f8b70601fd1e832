package dev.guildcast.coordinator;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.guildcast.shard.testing.ServiceArchitecture;
import org.junit.jupiter.api.Test;

class ArchitectureTest extends ServiceArchitecture {
    ArchitectureTest() {
        super(CoordinatorApplication.class);
    }

    @Test
    void placementLeasesAndDirectorDecideFromWhatTheyAreHanded() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.guildcast.coordinator.placement..",
                        "dev.guildcast.coordinator.lease..",
                        "dev.guildcast.coordinator.director..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat(resideInAnyPackage("java.util.concurrent.."))
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("dev.guildcast.coordinator"));
    }
}

//! How the device is moved: what its acceleration sensor reads, and which apps act on it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::System;
use crate::virtual_device::specimen::Do;

/// Gravity of a device that stands upright and still, in m/s² (what a new Android emulator reports).
const STILL: [f64; 3] = [0.0, 9.81, 0.0];

/// What the sensors read.
#[derive(Clone, Debug)]
pub struct Motion {
    /// Acceleration with gravity, in m/s².
    pub acceleration: [f64; 3],
    /// Turning, in rad/s.
    pub gyroscope: [f64; 3],
    /// Since when a listener's threshold is exceeded, by package and place in its list; and whether it has acted.
    exceeded: BTreeMap<(String, usize), (Duration, bool)>,
}

impl Default for Motion {
    fn default() -> Self {
        Self { acceleration: STILL, gyroscope: [0.0; 3], exceeded: BTreeMap::new() }
    }
}

impl System {
    /// What the sensors read.
    pub fn motion(&self) -> &Motion {
        &self.motion
    }

    /// The device turns.
    pub fn turn(&mut self, gyroscope: [f64; 3]) {
        self.act(|system| system.motion.gyroscope = gyroscope);
    }

    /// The acceleration sensor reads this, gravity included. The app in front acts when it stays above one of its
    /// thresholds for long enough; how strong a movement is, is told without gravity.
    pub fn accelerate(&mut self, acceleration: [f64; 3]) {
        self.act(|system| {
            system.motion.acceleration = acceleration;
            let strength = acceleration.iter().zip(STILL).map(|(a, g)| (a - g).powi(2)).sum::<f64>().sqrt();
            system.tell_of_movement(strength);
        });
    }

    fn tell_of_movement(&mut self, strength: f64) {
        let Some(package) = self.top_task().map(|t| t.package.clone()) else { return };
        let Some(model) = self.apps.get(&package).map(|app| app.model.clone()) else { return };
        let now = self.now;
        let mut acts: Vec<Vec<Do>> = Vec::new();
        for (place, moved) in model.on.moved.iter().enumerate() {
            let key = (package.clone(), place);
            // The last hundredth is the sensor's own.
            if strength + 0.01 < f64::from(moved.acceleration) {
                self.motion.exceeded.remove(&key);
                continue;
            }
            let (since, acted) = self.motion.exceeded.entry(key).or_insert((now, false));
            if !*acted && now.saturating_sub(*since) >= moved.lasts.0 {
                *acted = true;
                acts.push(moved.actions.clone());
            }
        }
        for actions in acts {
            self.play_for(&package, &actions);
        }
    }
}

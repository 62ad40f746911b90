class Trainer:
    def callbacks(self):
        if self.use_wandb:
            from wandb.integration.keras import WandbMetricsLogger
            wcp = [WandbMetricsLogger()]
            return wcp
        return []

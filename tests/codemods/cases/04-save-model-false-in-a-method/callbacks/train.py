class Trainer:
    def callbacks(self):
        if self.use_wandb:
            from wandb_keras_compat import WandbMetricsLogger
            wcp = [WandbMetricsLogger()]
            return wcp
        return []
